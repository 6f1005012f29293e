import { cx } from './cx'

/** A place held for something that is on its way; silent for screen readers. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden="true" className={cx('block animate-breathe rounded-md bg-ink/8', className)} />
}
