import { Pencil, Plus, X } from 'lucide-react'
import { useState, type ReactNode } from 'react'

import { IconButton } from '@/design/Button'
import { Panel } from '@/design/Panel'

/* As large as a finger needs, without making the line of text taller. */
const IN_LINE = '-my-1.5 -mr-2 ml-0.5 align-middle'

interface EditButtonProps {
  label: string
  /** Nothing stands there yet: the button says what it adds. */
  isNew?: boolean
  /** The panel's inside; it is told how to close. */
  children: (close: () => void) => ReactNode
}

/** A pencil beside what was understood, and the panel that it opens. */
export function EditButton({ label, isNew = false, children }: EditButtonProps) {
  const [isOpen, setOpen] = useState(false)
  const trigger = isNew ? (
    <button type="button" className="inline-flex min-h-8 items-center gap-1.5 justify-self-start rounded-md px-2 text-sm text-ink-soft hover:bg-ink/6 hover:text-ink">
      <Plus aria-hidden="true" className="size-3.5" />
      {label}
    </button>
  ) : (
    <IconButton isSmall label={label} className={IN_LINE}>
      <Pencil aria-hidden="true" className="size-3.5" />
    </IconButton>
  )
  return (
    <Panel label={label} trigger={trigger} isOpen={isOpen} onOpenChange={setOpen}>
      <p aria-hidden="true" className="eyebrow pb-2">
        {label}
      </p>
      {children(() => setOpen(false))}
    </Panel>
  )
}

export function RemoveButton({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <IconButton isSmall label={label} className={IN_LINE} onClick={onClick}>
      <X aria-hidden="true" className="size-3.5" />
    </IconButton>
  )
}
