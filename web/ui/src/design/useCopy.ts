import { useCallback, useEffect, useState } from 'react'

const SHOWN_MS = 2_000

/** Over plain HTTP browsers offer no clipboard; the old command still works there. */
function copyWithCommand(text: string): void {
  const area = document.createElement('textarea')
  area.value = text
  area.className = 'fixed opacity-0'
  document.body.append(area)
  area.select()
  document.execCommand('copy')
  area.remove()
}

export function useCopy(): { copy: (text: string) => Promise<void>; isCopied: boolean } {
  const [isCopied, setCopied] = useState(false)

  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setCopied(false), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [isCopied])

  const copy = useCallback(async (text: string) => {
    if (navigator.clipboard) await navigator.clipboard.writeText(text)
    else copyWithCommand(text)
    setCopied(true)
  }, [])
  return { copy, isCopied }
}
