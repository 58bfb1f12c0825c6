// pyright, wherever npm has put it. Takes its arguments.
import 'pyright/index.js'
