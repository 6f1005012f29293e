import { QueryClient } from '@tanstack/react-query'

import { ApiError } from '@/api/errors'

/** The cache of what was read over HTTP. A "no" of the server is final; only a line that failed is tried again. */
export function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        retry: (failures, error) => failures < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500),
      },
    },
  })
}
