import type { ComponentProps } from 'react'

import { cx } from './cx'

const LOOKS = {
  primary: 'bg-brand text-on-brand hover:bg-brand-hover disabled:bg-line disabled:text-ink-faint',
  quiet: 'bg-transparent text-ink-soft hover:bg-ink/6 hover:text-ink',
  outline: 'border border-line bg-raised text-ink hover:border-line-strong',
  danger: 'bg-bad text-sheet hover:brightness-95',
} as const

interface ButtonProps extends ComponentProps<'button'> {
  look?: keyof typeof LOOKS
}

export function Button({ look = 'outline', className, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={cx(
        'inline-flex min-h-10 items-center justify-center gap-2 rounded-md px-4 text-sm font-semibold transition-colors',
        LOOKS[look],
        className,
      )}
      {...rest}
    />
  )
}

interface IconButtonProps extends ComponentProps<'button'> {
  /** Said by screen readers, and shown on hover. */
  label: string
  /** For one that stands in a line of text. */
  isSmall?: boolean
}

export function IconButton({ label, isSmall = false, className, type = 'button', children, ...rest }: IconButtonProps) {
  return (
    <button
      type={type}
      aria-label={label}
      title={label}
      className={cx(
        'inline-grid shrink-0 place-items-center rounded-md transition-colors hover:bg-ink/6',
        isSmall ? 'size-8' : 'size-10',
        rest['aria-pressed'] === true ? 'text-brand' : 'text-ink-soft hover:text-ink',
        className,
      )}
      {...rest}
    >
      {children}
    </button>
  )
}
