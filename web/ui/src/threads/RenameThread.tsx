import { useEffect, useRef, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'

import { useRenameThread } from './useThreads'

interface RenameThreadProps {
  threadId: string
  title: string
  onDone: () => void
}

/** The title, editable where it stands. Enter or leaving saves, Esc puts it back. */
export function RenameThread({ threadId, title, onDone }: RenameThreadProps) {
  const { t } = useTranslation()
  const rename = useRenameThread()
  const input = useRef<HTMLInputElement>(null)
  const isDone = useRef(false)

  // The menu that opened this gives the focus back to its button first; taking it one frame later wins.
  useEffect(() => {
    const frame = requestAnimationFrame(() => input.current?.select())
    return () => cancelAnimationFrame(frame)
  }, [])

  function save() {
    const wanted = input.current?.value.trim() ?? ''
    if (isDone.current) return
    if (!wanted || wanted === title) return finish()
    isDone.current = true
    rename.mutate({ threadId, title: wanted }, { onSuccess: onDone, onError: () => (isDone.current = false) })
  }

  function finish() {
    isDone.current = true
    onDone()
  }

  function handleKey(event: KeyboardEvent) {
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) save()
    if (event.key === 'Escape') {
      event.stopPropagation()
      event.preventDefault()
      finish()
    }
  }

  return (
    <>
      <input
        ref={input}
        aria-label={t('threads.renameLabel')}
        defaultValue={title}
        maxLength={200}
        onBlur={save}
        onKeyDown={handleKey}
        className="min-h-9 w-full rounded-md border border-line-strong bg-raised px-3 text-sm"
      />
      {rename.isError && (
        <p role="alert" className="px-3 pt-1 text-xs text-bad">
          {t('threads.renameFailed')}
        </p>
      )}
    </>
  )
}
