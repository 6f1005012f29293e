import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { api } from '@/api/http'
import type { Phones, Subscription } from '@/api/types'

const PHONES_KEY = ['phones'] as const
const SUBSCRIPTIONS_KEY = ['subscriptions'] as const
const CODE_POLL_MS = 3_000

/** The person's phones; looked at again and again while a code is on its way. */
export function usePhones(isWaiting: boolean) {
  return useQuery({ queryKey: PHONES_KEY, queryFn: api.phones, refetchInterval: isWaiting ? CODE_POLL_MS : false })
}

export function useAddPhone() {
  return usePhoneChange(api.addPhone)
}

export function useVerifyPhone() {
  return usePhoneChange(({ phone, code }: { phone: string; code: string }) => api.verifyPhone(phone, code))
}

export function useRemovePhone() {
  return usePhoneChange(api.removePhone)
}

function usePhoneChange<Given, Reply>(change: (given: Given) => Promise<Reply>) {
  const queries = useQueryClient()
  return useMutation({ mutationFn: change, onSettled: () => queries.invalidateQueries({ queryKey: PHONES_KEY }) })
}

export function useSubscriptions() {
  return useQuery({ queryKey: SUBSCRIPTIONS_KEY, queryFn: async () => (await api.subscriptions()).items })
}

/** Saves what changed at once, and shows it before the server has answered. */
export function useSetSubscriptions() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (items: Subscription[]) => (await api.setSubscriptions(items)).items,
    onMutate: async (items) => {
      await queries.cancelQueries({ queryKey: SUBSCRIPTIONS_KEY })
      const before = queries.getQueryData<Subscription[]>(SUBSCRIPTIONS_KEY)
      const changed = new Map(items.map((item) => [item.kind, item]))
      queries.setQueryData<Subscription[]>(SUBSCRIPTIONS_KEY, (kept) => kept?.map((item) => changed.get(item.kind) ?? item))
      return before
    },
    onError: (_, __, before) => queries.setQueryData(SUBSCRIPTIONS_KEY, before),
    onSuccess: (items) => queries.setQueryData(SUBSCRIPTIONS_KEY, items),
  })
}

export function useN8nAddresses(isWanted: boolean) {
  return useQuery({ queryKey: ['n8n'], queryFn: async () => (await api.n8nAddresses()).items, enabled: isWanted, staleTime: 0 })
}

/** +55 11 96666-5555 for a Brazilian number, the digits with their plus for any other. */
export function writePhone(digits: string): string {
  const brazilian = /^55(\d{2})(\d{4,5})(\d{4})$/.exec(digits)
  return brazilian ? `+55 ${brazilian[1]} ${brazilian[2]}-${brazilian[3]}` : `+${digits}`
}

/** The phone that still waits for its code, the latest one. */
export function findPending(phones: Phones | undefined) {
  return phones?.items.findLast((item) => item.verified_at === null && item.code_expires_at !== null)
}
