import type { ReactNode } from 'react'
import { Link } from 'react-router'

import { useConversationAddress } from './link'

interface ConversationLinkProps {
  conversationId: string
  messageId?: string
  className?: string
  label?: string
  children: ReactNode
}

/** A real link, so that it can be opened in a tab of its own, to a conversation and the message in it that is meant. */
export function ConversationLink({ conversationId, messageId, className, label, children }: ConversationLinkProps) {
  const addressOf = useConversationAddress()
  return (
    <Link to={addressOf(conversationId, messageId)} state={{ openedHere: true }} className={className} aria-label={label}>
      {children}
    </Link>
  )
}
