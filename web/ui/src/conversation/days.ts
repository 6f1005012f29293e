import type { ConversationMessage } from '@/api/types'
import type { Format } from '@/format/format'

export interface MessageDay {
  day: string
  messages: ConversationMessage[]
}

/** Messages under the day they were sent on, in the tenant's time zone. */
export function groupDays(messages: ConversationMessage[], format: Format): MessageDay[] {
  const days: MessageDay[] = []
  for (const message of messages) {
    const day = format.dayOf(new Date(message.sent_at))
    const last = days.at(-1)
    if (last?.day === day) last.messages.push(message)
    else days.push({ day, messages: [message] })
  }
  return days
}
