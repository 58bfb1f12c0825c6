// What the form with threads is outside browsers: an error that says so.
const { checkIsolated } = require('./isolated.js')

checkIsolated()
