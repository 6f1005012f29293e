import { useCallback } from 'react'
import { useLocation, useMatch, useNavigate, useSearchParams } from 'react-router'

export interface OpenConversation {
  conversationId: string
  messageId: string | null
}

/** Set on the history entry that opened a conversation from this page, so that closing it is going back. */
interface OpenedHere {
  openedHere?: boolean
}

/** The address of the page with this conversation over it. It can be shared, and survives a reload. */
export function useConversationAddress(): (conversationId: string, messageId?: string) => { pathname: string; search: string } {
  const { pathname } = useLocation()
  return useCallback(
    (conversationId, messageId) => {
      const search = new URLSearchParams({ c: conversationId })
      if (messageId) search.set('m', messageId)
      return { pathname: pathname.startsWith('/c/') ? '/' : pathname, search: `?${search}` }
    },
    [pathname],
  )
}

/** The conversation that the address names, as `/c/…` or over another page as `?c=…`, and how to close it. */
export function useOpenConversation(): { open: OpenConversation | null; close: () => void } {
  const [search] = useSearchParams()
  const routed = useMatch('/c/:conversationId')?.params.conversationId
  const { pathname, state } = useLocation()
  const navigate = useNavigate()
  const conversationId = routed ?? search.get('c')

  const close = useCallback(() => {
    if ((state as OpenedHere | null)?.openedHere) void navigate(-1)
    else void navigate(routed ? '/' : pathname, { replace: true })
  }, [navigate, pathname, routed, state])

  return { open: conversationId ? { conversationId, messageId: search.get('m') } : null, close }
}
