import { ArrowRight } from 'lucide-react'

interface SuggestionsProps {
  label: string
  suggestions: string[]
  /** Of its heading, below the one of what it belongs to. */
  level: 2 | 3
  onAsk: (question: string) => void
}

/** Questions to ask next, one press each; the pen marks the one that is pointed at. */
export function Suggestions({ label, suggestions, level, onAsk }: SuggestionsProps) {
  const Heading = `h${level}` as const
  return (
    <section role="group" aria-label={label} className="animate-arrive">
      <Heading className="eyebrow pb-1">{label}</Heading>
      <ul>
        {suggestions.map((suggestion) => (
          <li key={suggestion} className="border-b border-line last:border-0">
            <button type="button" onClick={() => onAsk(suggestion)} className="group flex min-h-12 w-full items-center gap-3 rounded-sm py-2.5 text-left">
              <span className="flex-1 text-base font-medium">
                <span className="stroke group-hover:stroke-drawn group-focus-visible:stroke-drawn">{suggestion}</span>
              </span>
              <ArrowRight
                aria-hidden="true"
                className="size-4 shrink-0 text-ink-faint transition-transform group-hover:translate-x-0.5 group-hover:text-ink"
              />
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
