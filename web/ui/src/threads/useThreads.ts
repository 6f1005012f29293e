import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'

import { api } from '@/api/http'
import { useChat } from '@/chat/store'

const PAGE = 40
export const THREADS_KEY = ['threads'] as const

export function useThreads() {
  return useInfiniteQuery({
    queryKey: THREADS_KEY,
    queryFn: ({ pageParam }) => api.threads(pageParam, PAGE),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const shown = pages.reduce((sum, page) => sum + page.items.length, 0)
      return last.items.length > 0 && shown < last.count ? shown : undefined
    },
  })
}

export function useRenameThread() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ threadId, title }: { threadId: string; title: string }) => api.renameThread(threadId, title),
    onSettled: () => queries.invalidateQueries({ queryKey: THREADS_KEY }),
  })
}

export function useDeleteThread() {
  const queries = useQueryClient()
  const forgetThread = useChat((chat) => chat.forgetThread)
  return useMutation({
    mutationFn: api.deleteThread,
    onSuccess: (_, threadId) => forgetThread(threadId),
    onSettled: () => queries.invalidateQueries({ queryKey: THREADS_KEY }),
  })
}
