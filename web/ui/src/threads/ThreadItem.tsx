import { Ellipsis, PencilLine, Trash2 } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { NavLink, useMatch, useNavigate } from 'react-router'

import type { ThreadSummary } from '@/api/types'

import { DeleteThread } from './DeleteThread'
import { RenameThread } from './RenameThread'

const ITEM = 'flex min-h-10 cursor-pointer items-center gap-2.5 rounded-md px-3 text-sm outline-none data-highlighted:bg-ink/6'

export function ThreadItem({ thread, onNavigate }: { thread: ThreadSummary; onNavigate?: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const isHere = useMatch('/t/:threadId')?.params.threadId === thread.id
  const [doing, setDoing] = useState<'rename' | 'delete' | null>(null)
  const title = thread.title || t('threads.untitled')

  if (doing === 'rename') {
    return (
      <li>
        <RenameThread threadId={thread.id} title={title} onDone={() => setDoing(null)} />
      </li>
    )
  }
  return (
    <li className="group relative">
      <NavLink
        to={`/t/${thread.id}`}
        onClick={onNavigate}
        className="block rounded-md py-2 pr-10 pl-3 text-sm leading-snug text-ink-soft transition-colors hover:bg-ink/5 hover:text-ink aria-[current=page]:bg-raised aria-[current=page]:font-semibold aria-[current=page]:text-ink aria-[current=page]:shadow-low"
      >
        <span className="line-clamp-2">{title}</span>
      </NavLink>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger
          aria-label={t('threads.actions', { title })}
          className="absolute top-0.5 right-1 grid size-8 place-items-center rounded-md text-ink-faint hover:bg-ink/6 hover:text-ink focus-visible:opacity-100 data-[state=open]:opacity-100 pointer-fine:opacity-0 pointer-fine:group-hover:opacity-100 pointer-fine:group-focus-within:opacity-100"
        >
          <Ellipsis className="size-4" />
        </DropdownMenu.Trigger>
        <DropdownMenu.Content align="end" sideOffset={4} collisionPadding={8} className="z-20 min-w-44 rounded-lg bg-raised p-1.5 shadow-high">
          <DropdownMenu.Item className={ITEM} onSelect={() => setDoing('rename')}>
            <PencilLine aria-hidden="true" className="size-4 text-ink-faint" />
            {t('threads.rename')}
          </DropdownMenu.Item>
          <DropdownMenu.Item className={`${ITEM} text-bad`} onSelect={() => setDoing('delete')}>
            <Trash2 aria-hidden="true" className="size-4" />
            {t('threads.delete')}
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Root>
      {doing === 'delete' && (
        <DeleteThread
          threadId={thread.id}
          title={title}
          onClose={() => setDoing(null)}
          onDeleted={() => {
            if (isHere) void navigate('/', { replace: true })
          }}
        />
      )}
    </li>
  )
}
