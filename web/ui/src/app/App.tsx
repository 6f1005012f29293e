import { QueryClientProvider } from '@tanstack/react-query'
import { Tooltip } from 'radix-ui'
import { useState } from 'react'
import { BrowserRouter, Navigate, Route, Routes, useLocation } from 'react-router'

import { SignIn } from '@/auth/SignIn'
import { useSession } from '@/auth/session'
import { ChatScreen } from '@/chat/ChatScreen'

import { ErrorBoundary } from './ErrorBoundary'
import { NoTenant } from './NoTenant'
import { PageProblem } from './PageProblem'
import { createQueries } from './queries'
import { Starting } from './Starting'

export function App() {
  const [queries] = useState(createQueries)
  return (
    <ErrorBoundary fallback={<PageProblem />}>
      <QueryClientProvider client={queries}>
        <Tooltip.Provider delayDuration={250}>
          <BrowserRouter>
            <Routes>
              <Route path="/sign-in" element={<SignIn />} />
              <Route path="*" element={<Inside />} />
            </Routes>
          </BrowserRouter>
        </Tooltip.Provider>
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
  return me.tenant ? <ChatScreen /> : <NoTenant />
}
