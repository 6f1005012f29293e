import { useLayoutEffect, useRef, type MouseEvent, type ReactNode } from 'react'

import { cx } from './cx'

const PLACES = {
  right: 'ml-auto mr-0 w-full max-w-none sm:w-[34rem] sm:rounded-l-2xl',
  left: 'ml-0 mr-auto w-[19rem] max-w-[86vw] rounded-r-2xl [--sheet-from:-40px]',
  middle: 'm-auto w-[26rem] max-w-[calc(100vw-2rem)] rounded-2xl [--sheet-from:0px]',
} as const

interface SheetProps {
  label: string
  place: keyof typeof PLACES
  onClose: () => void
  children: ReactNode
}

/**
 * Something over the page, as long as it is rendered. The browser's own dialog: it keeps the focus inside, gives it back,
 * closes on Esc, and needs no style that the content security policy would refuse.
 */
export function Sheet({ label, place, onClose, children }: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null)

  // Before the page is painted, and closed before it leaves the page: only then does the browser give the focus back.
  useLayoutEffect(() => {
    const element = dialog.current
    if (element && !element.open) {
      element.showModal()
      // The sheet itself, not its first button: a ring around that would look like an invitation to press it.
      element.focus()
    }
    return () => element?.close()
  }, [])

  function closeOutside(event: MouseEvent<HTMLDialogElement>) {
    if (event.target === dialog.current) onClose()
  }

  return (
    <dialog
      ref={dialog}
      aria-label={label}
      tabIndex={-1}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      // Browsers close a dialog on the second Esc without asking.
      onClose={() => {
        if (!dialog.current?.open) onClose()
      }}
      onClick={closeOutside}
      className={cx('sheet fixed overflow-hidden bg-sheet p-0 shadow-high outline-none', place !== 'middle' && 'inset-y-0 h-dvh max-h-none', PLACES[place])}
    >
      {children}
    </dialog>
  )
}
