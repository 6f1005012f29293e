import type { Better } from '@/design/Change'

/** Which way is good, for the measures of the API that have a good way. */
const BETTER: Record<string, Better> = {
  satisfaction: 'up',
  csat: 'up',
  compliments: 'up',
  sentiment: 'up',
  positive_share: 'up',
  resolution_rate: 'up',
  dissatisfaction: 'down',
  complaints: 'down',
  negative_share: 'down',
  first_response_time: 'down',
  response_time: 'down',
  unanswered: 'down',
}

export function betterOf(metric: string): Better {
  return BETTER[metric] ?? null
}
