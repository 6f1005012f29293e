import { describe, expect, it } from 'vitest'

import type { ChatEvent } from '@/api/types'
import { answer, detail, number, turnEvents } from '@/test/cast'

import { foldEvent, hasGap, readThread, startThread, type Thread } from './fold'

const events = turnEvents({ turnId: 'turn-1', firstSeq: 1, question: 'Como está a satisfação?' })
const foldAll = (list: ChatEvent[], thread: Thread = startThread('thread-1')) => list.reduce(foldEvent, thread)

describe('a turn grows event by event', () => {
  it.each([
    [1, { status: 'running', understood: 0, blocks: 0, text: '' }],
    [2, { status: 'running', understood: 2, blocks: 0, text: '' }],
    [3, { status: 'running', understood: 2, blocks: 1, text: '' }],
    [4, { status: 'running', understood: 2, blocks: 1, text: 'A satisfação foi ' }],
    [5, { status: 'running', understood: 2, blocks: 1, text: 'A satisfação foi 4,12.' }],
    [6, { status: 'answered', understood: 2, blocks: 1, text: 'A satisfação foi 4,12.' }],
  ])('after %i events', (count, expected) => {
    const thread = foldAll(events.slice(0, count))
    const turn = thread.turns[0]!
    expect(thread.lastSeq).toBe(count)
    expect({ status: turn.status, understood: turn.understood.length, blocks: turn.blocks.length, text: turn.text }).toEqual(expected)
  })

  it('carries the number of the client, so that the question on screen is the one that was sent', () => {
    expect(foldAll(events).turns[0]!.clientId).toBe('client-turn-1')
  })

  it('takes the title of the thread from the turn that opened it', () => {
    expect(foldAll(events).title).toBe('Como está a satisfação?')
  })

  it('ends with the stored answer, footer and all', () => {
    expect(foldAll(events).turns[0]).toMatchObject({
      intent: 'metric',
      suggestions: ['E por atendente?'],
      notes: ['O período ainda não terminou.'],
      made: { provider: 'embedded', tookMs: 84, asOf: '2025-11-09T15:00:00Z' },
    })
  })

  it('keeps what it had when the turn fails', () => {
    const failed: ChatEvent = {
      type: 'turn.failed', seq: 4, thread_id: 'thread-1', turn_id: 'turn-1', at: '2025-11-09T15:00:02Z',
      data: { error: { code: 'unavailable', message: 'O banco de dados não responde.' } },
    }
    const turn = foldAll([...events.slice(0, 3), failed]).turns[0]!
    expect([turn.status, turn.error?.code, turn.blocks.length]).toEqual(['failed', 'unavailable', 1])
  })
})

describe('the order of arrival does not matter', () => {
  const whole = foldAll(events)

  it.each([
    ['backwards', [...events].reverse()],
    ['each twice', events.flatMap((event) => [event, event])],
    ['the whole replayed', [...events, ...events]],
    ['the first late', [...events.slice(1), events[0]!]],
  ])('%s', (_, list) => {
    expect(foldAll(list)).toEqual(whole)
  })

  it('waits for what is missing, and says so', () => {
    const thread = foldAll([events[0]!, events[1]!, events[3]!, events[4]!])
    expect([thread.lastSeq, hasGap(thread), thread.turns[0]!.text]).toEqual([2, true, ''])
    const mended = foldEvent(thread, events[2]!)
    expect([mended.lastSeq, hasGap(mended), mended.turns[0]!.text]).toEqual([5, false, 'A satisfação foi 4,12.'])
  })

  it('gives back the very same thread for an event that it knows', () => {
    expect(foldEvent(whole, events[2]!)).toBe(whole)
  })
})

describe('a stored thread', () => {
  it('is the same screen as the events that made it', () => {
    const stored = readThread(detail({ last_seq: 6 }))
    const live = foldAll(events)
    expect({ ...stored.turns[0], clientId: null }).toEqual({ ...live.turns[0], clientId: null })
    expect([stored.lastSeq, stored.title]).toEqual([live.lastSeq, live.title])
  })

  it('goes on where it ended', () => {
    const second = turnEvents({ turnId: 'turn-2', firstSeq: 7, question: 'E por atendente?' })
    const thread = foldAll(second, readThread(detail({ last_seq: 6 })))
    expect(thread.turns.map((turn) => [turn.id, turn.status])).toEqual([['turn-1', 'answered'], ['turn-2', 'answered']])
  })

  it('replays a running turn from its first event, and leaves finished ones alone', () => {
    const running = { id: 'turn-2', question: 'E por atendente?', asked_at: '2025-11-09T15:01:00Z', status: 'running', answer: null, error: null, is_edited: false, feedback: null, verified_id: null } as const
    const stored = readThread(detail({ last_seq: 9, turns: [...detail({}).turns, running] }))
    expect(stored.lastSeq).toBe(0)
    const second = turnEvents({ turnId: 'turn-2', firstSeq: 7, question: 'E por atendente?' }).slice(0, 3)
    const thread = foldAll([...events, ...second], stored)
    expect(thread.turns.map((turn) => [turn.id, turn.status, turn.blocks.length])).toEqual([['turn-1', 'answered', 1], ['turn-2', 'running', 1]])
    expect(thread.turns[0]).toEqual(stored.turns[0])
  })

  it('shows a turn that was answered without an answer as failed, not as empty', () => {
    const broken = detail({ turns: [{ ...detail({}).turns[0]!, answer: null }] })
    expect(readThread(broken).turns[0]!.status).toBe('failed')
  })
})

it('a later block with the same index takes the place of the earlier one', () => {
  const again: ChatEvent = {
    type: 'block.added', seq: 4, thread_id: 'thread-1', turn_id: 'turn-1', at: '2025-11-09T15:00:02Z',
    data: { index: 0, block: { ...number, title: 'Satisfação, de novo' }, coverage: answer.coverage },
  }
  expect(foldAll([...events.slice(0, 3), again]).turns[0]!.blocks.map((block) => block.title)).toEqual(['Satisfação, de novo'])
})
