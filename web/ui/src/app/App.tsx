import { QueryClientProvider } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { BrowserRouter, Navigate, Route, Routes, useLocation } from 'react-router'

import { SignIn } from '@/auth/SignIn'
import { useSession } from '@/auth/session'

import { ErrorBoundary } from './ErrorBoundary'
import { PageProblem } from './PageProblem'
import { createQueries } from './queries'
import { Starting } from './Starting'

// Who signs in first sees the form before the rest of the page has come.
const ChatScreen = lazy(() => import('@/chat/ChatScreen'))
const NoTenant = lazy(() => import('./NoTenant'))

export function App() {
  const [queries] = useState(createQueries)
  return (
    <ErrorBoundary fallback={<PageProblem />}>
      <QueryClientProvider client={queries}>
        <BrowserRouter>
          <Routes>
            <Route path="/sign-in" element={<SignIn />} />
            <Route path="*" element={<Inside />} />
          </Routes>
        </BrowserRouter>
      </QueryClientProvider>
    </ErrorBoundary>
  )
}

/** Everything that needs somebody to be signed in. */
function Inside() {
  const location = useLocation()
  const { status, me } = useSession()
  if (status === 'starting') return <Starting />
  if (status === 'unreachable') return <PageProblem isUnreachable />
  if (!me) return <Navigate to="/sign-in" replace state={{ from: location.pathname + location.search }} />
  return <Suspense fallback={<Starting />}>{me.tenant ? <ChatScreen /> : <NoTenant />}</Suspense>
}
