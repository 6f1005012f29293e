/** The mark: a message with one line under the highlighter, which is what EvoSense does. */
export function BrandMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true" focusable="false">
      <path
        className="fill-brand"
        d="M8 2h16a6 6 0 0 1 6 6v12a6 6 0 0 1-6 6h-9.2L8.6 30.4A1 1 0 0 1 7 29.6V26A6 6 0 0 1 2 20V8a6 6 0 0 1 6-6Z"
      />
      <rect x="8" y="8" width="12" height="2.6" rx="1.3" className="fill-on-brand" opacity="0.5" />
      <rect x="6.5" y="12.4" width="19" height="4.6" rx="2.3" className="fill-mark" />
      <rect x="8" y="18.8" width="9" height="2.6" rx="1.3" className="fill-on-brand" opacity="0.5" />
    </svg>
  )
}

export function Brand() {
  return (
    <span className="inline-flex items-center gap-2.5">
      <BrandMark className="size-7" />
      <span className="font-display text-lg font-bold tracking-tight">EvoSense</span>
    </span>
  )
}
