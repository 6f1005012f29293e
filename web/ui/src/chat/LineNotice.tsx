import { CloudOff, RefreshCw } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { cx } from '@/design/cx'

import { useChat } from './store'

/** A blink of the line is nobody's business; only what lasts is told. */
const PATIENCE_MS = 1_500

/** Says when the line to the server is gone, and what that means for the person. */
export function LineNotice() {
  const { t } = useTranslation()
  const line = useChat((chat) => chat.line)
  const isDown = line === 'reconnecting' || line === 'offline' || line === 'unavailable' || line === 'refused'
  const [isTold, setTold] = useState(false)

  useEffect(() => {
    const timer = setTimeout(() => setTold(isDown), isDown ? PATIENCE_MS : 0)
    return () => clearTimeout(timer)
  }, [isDown])

  const Icon = line === 'reconnecting' ? RefreshCw : CloudOff
  return (
    <div role="status" className="relative z-20 h-0">
      {isDown && isTold && (
        <p className="absolute inset-x-4 top-3 mx-auto flex w-fit animate-arrive items-center gap-2.5 rounded-xl bg-mark-soft px-4 py-2 text-sm shadow-high">
          <Icon aria-hidden="true" className={cx('size-4 shrink-0', line === 'reconnecting' && 'animate-spin')} />
          {t(`line.${line}`)}
        </p>
      )}
    </div>
  )
}
