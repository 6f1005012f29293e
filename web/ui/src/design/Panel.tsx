import { Popover } from 'radix-ui'
import type { ReactNode } from 'react'

interface PanelProps {
  /** What the panel is about; its button says the same. */
  label: string
  trigger: ReactNode
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
  children: ReactNode
}

/** A small panel beside the button that opens it. It takes the focus, gives it back, and closes on Esc or a press elsewhere. */
export function Panel({ label, trigger, isOpen, onOpenChange, children }: PanelProps) {
  return (
    <Popover.Root open={isOpen} onOpenChange={onOpenChange}>
      <Popover.Trigger asChild>{trigger}</Popover.Trigger>
      {/* Outside of what it belongs to: whatever moves there would lie over it. */}
      <Popover.Portal>
        <Popover.Content
          aria-label={label}
          align="start"
          sideOffset={6}
          collisionPadding={12}
          className="scroll-quiet z-20 max-h-[min(26rem,var(--radix-popover-content-available-height))] w-72 max-w-[calc(100vw-1.5rem)] overflow-y-auto rounded-xl bg-raised p-4 text-left shadow-high"
        >
          {children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
