import { useId, type ComponentProps, type ReactNode } from 'react'

import { cx } from '@/design/cx'

interface FieldProps extends ComponentProps<'input'> {
  label: string
  problem?: string
  /** A control inside the field, at its end. */
  aside?: ReactNode
}

/** A labelled input; what is wrong with it stands below and is tied to it for screen readers. */
export function Field({ label, problem, aside, ...rest }: FieldProps) {
  const id = useId()
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-sm font-semibold">
        {label}
      </label>
      <span className="relative block">
        <input
          id={id}
          aria-invalid={problem ? true : undefined}
          aria-describedby={problem ? `${id}-problem` : undefined}
          className={cx(
            'min-h-12 w-full rounded-md border bg-raised px-3.5 text-base transition-colors outline-offset-0 hover:border-ink-soft',
            problem ? 'border-bad' : 'border-line-strong',
            aside ? 'pr-12' : null,
          )}
          {...rest}
        />
        {aside && <span className="absolute inset-y-0 right-1 flex items-center">{aside}</span>}
      </span>
      {problem && (
        <p id={`${id}-problem`} className="text-sm text-bad">
          {problem}
        </p>
      )}
    </div>
  )
}
