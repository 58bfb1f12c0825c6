import { DspError } from '@dsp/tensor'
import type { Q15Bank } from './bank.js'

/** The forms of a header's records: see `coefficientsHeader`. */
export const recordForms = ['pointers', 'offsets', 'offsets-u8'] as const

/** A form of a header's records. */
export type RecordForm = (typeof recordForms)[number]

/** Bytes of a record: five numbers and two 32-bit pointers, six u16, five u8 and a u16. */
const RECORD_BYTES = { pointers: 20, offsets: 12, 'offsets-u8': 8 } as const

/** Whether some filter is scaled: only then does a header hold shifts. */
export function hasShifts({ filters }: Q15Bank): boolean {
  return filters.some(({ shift }) => shift !== 0)
}

/** Bytes of records (pointers have 32 bits), coefficients and shifts. */
export function bankBytes(bank: Q15Bank, records: RecordForm): number {
  const { filters, coefficients } = bank
  return filters.length * (RECORD_BYTES[records] + (hasShifts(bank) ? 1 : 0)) + coefficients.length * 2
}

/** Refuses a bank whose numbers a form cannot hold. */
export function checkForm({ filters, coefficients }: Q15Bank, records: RecordForm): void {
  const last = filters.reduce((most, { endBin }) => Math.max(most, endBin), 0)
  if (records === 'offsets-u8' && last > 255) {
    throw DspError.argument(
      'records',
      'pointers or offsets for a bank that ends above bin 255',
      `${records} (it ends at bin ${last})`,
    )
  }
  if (records !== 'pointers' && coefficients.length > 65535) {
    throw DspError.argument(
      'records',
      'pointers for a bank of more than 65535 coefficients',
      `${records} (${coefficients.length} coefficients)`,
    )
  }
}
