import { useTranslation } from 'react-i18next'

import { Button } from '@/design/Button'
import { Sheet } from '@/design/Sheet'

import { useDeleteThread } from './useThreads'

interface DeleteThreadProps {
  threadId: string
  title: string
  onClose: () => void
  onDeleted: () => void
}

export function DeleteThread({ threadId, title, onClose, onDeleted }: DeleteThreadProps) {
  const { t } = useTranslation()
  const remove = useDeleteThread()
  return (
    <Sheet label={t('threads.deleteTitle')} place="middle" onClose={onClose}>
      <div className="p-6">
        <h2 className="font-display text-xl font-semibold">{t('threads.deleteTitle')}</h2>
        <p className="mt-2 text-sm text-ink-soft">{t('threads.deleteHint', { title })}</p>
        {remove.isError && (
          <p role="alert" className="mt-3 text-sm text-bad">
            {t('threads.deleteFailed')}
          </p>
        )}
        <div className="mt-6 flex justify-end gap-2">
          <Button look="quiet" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button
            look="danger"
            disabled={remove.isPending}
            onClick={() =>
              remove.mutate(threadId, {
                onSuccess: () => {
                  onClose()
                  onDeleted()
                },
              })
            }
          >
            {t('threads.delete')}
          </Button>
        </div>
      </div>
    </Sheet>
  )
}
