import { describe, expect, it } from 'vitest'

import { waitBefore } from './socket'

describe('before a line is tried again', () => {
  it.each([
    [1, 250, 500],
    [2, 500, 1000],
    [4, 2000, 4000],
    [7, 10_000, 20_000],
    [50, 10_000, 20_000],
  ])('after %i failures between %i and %i ms', (failures, least, most) => {
    expect([waitBefore(failures, () => 0), waitBefore(failures, () => 1)]).toEqual([least, most])
  })
})
