import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'

interface ChoiceProps {
  label: string
  value: string
  onChange: (value: string) => void
  children: ReactNode
}

/** One of a few, inside a menu that stays open: each choice shows its effect at once. */
export function Choice({ label, value, onChange, children }: ChoiceProps) {
  return (
    <div className="px-1 pt-2">
      <p aria-hidden="true" className="eyebrow px-2 pb-1.5">
        {label}
      </p>
      <DropdownMenu.RadioGroup aria-label={label} value={value} onValueChange={onChange} className="flex rounded-md bg-sunk p-1">
        {children}
      </DropdownMenu.RadioGroup>
    </div>
  )
}

function Item({ value, lang, children }: { value: string; lang?: string; children: ReactNode }) {
  return (
    <DropdownMenu.RadioItem
      value={value}
      lang={lang}
      onSelect={(event) => event.preventDefault()}
      className="flex min-h-8 flex-auto cursor-pointer items-center justify-center gap-1.5 rounded-sm px-1.5 text-xs whitespace-nowrap text-ink-soft outline-none data-highlighted:text-ink data-highlighted:underline data-highlighted:underline-offset-4 data-[state=checked]:bg-raised data-[state=checked]:font-semibold data-[state=checked]:text-ink data-[state=checked]:shadow-low"
    >
      {children}
    </DropdownMenu.RadioItem>
  )
}

Choice.Item = Item
