/** Who read a question and who wrote its answer: the API's short names → words. Pure. */
import type { TFunction } from 'i18next'

const OWN = 'embedded'
const NAMES: Record<string, string> = { [OWN]: 'EvoSense', ollama: 'Ollama', n8n: 'n8n' }
const REASONS = ['unreachable', 'timeout', 'status', 'garbage', 'schema', 'budget', 'resting', 'secret', 'failed'] as const

const isReason = (text: string): text is (typeof REASONS)[number] => REASONS.includes(text as (typeof REASONS)[number])
const nameOf = (provider: string) => NAMES[provider] ?? provider

/** `embedded`, `ollama`, `embedded+ollama (n8n: timeout)` → who understood and who wrote, and which model was asked in vain and why. */
export function nameProvider(t: TFunction, provider: string): string {
  const [who = '', missed = ''] = provider.replace(/\)$/, '').split(' (')
  const [planner = OWN, phraser = planner] = who ? who.split('+') : []
  const vain = missed.split(', ').flatMap((one) => {
    const [name, reason = ''] = one.split(': ')
    return name ? [t('provider.inVain', { name: nameOf(name), reason: t(`provider.reasons.${isReason(reason) ? reason : 'failed'}`) })] : []
  })
  const said =
    planner !== phraser
      ? t('provider.split', { planner: nameOf(planner), phraser: nameOf(phraser) })
      : planner !== OWN
        ? t('provider.model', { name: nameOf(planner) })
        : t('provider.own')
  return [said, ...vain].join('; ')
}
