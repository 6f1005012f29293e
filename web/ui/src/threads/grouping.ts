import type { ThreadSummary } from '@/api/types'
import type { Format } from '@/format/format'

export interface ThreadGroup {
  key: string
  label: string
  threads: ThreadSummary[]
}

interface Words {
  today: string
  yesterday: string
}

const DAY_MS = 86_400_000

/** Threads, latest first, under the day they were last used: by name for a week, by month before that. */
export function groupThreads(threads: ThreadSummary[], { now, format, words }: { now: Date; format: Format; words: Words }): ThreadGroup[] {
  const groups = new Map<string, ThreadGroup>()
  const dayBefore = (days: number) => format.dayOf(new Date(now.getTime() - days * DAY_MS))
  const [today, yesterday, weekAgo] = [dayBefore(0), dayBefore(1), dayBefore(6)]

  for (const thread of threads) {
    const day = format.dayOf(new Date(thread.updated_at))
    const isRecent = day >= weekAgo
    const key = isRecent ? day : day.slice(0, 7)
    const label =
      day === today
        ? words.today
        : day === yesterday
          ? words.yesterday
          : isRecent
            ? format.day(day, { weekday: 'long', day: 'numeric', month: 'short' })
            : format.day(day, { month: 'long', year: 'numeric' })
    const group = groups.get(key) ?? { key, label, threads: [] }
    group.threads.push(thread)
    groups.set(key, group)
  }
  return [...groups.values()]
}
