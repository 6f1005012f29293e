import { cleanup, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { Phone, Subscription } from '@/api/types'
import { findViolations, openScreen } from '@/test/screen'
import { startServer, type FakeServer } from '@/test/server'

import { findPending, writePhone } from './useWhatsApp'

const KINDS = ['briefing', 'satisfaction', 'losing', 'silent'] as const
const error = (code: string, message: string, field: string) => ({ error: { code, message, field } })

let server: FakeServer
let phones: Phone[]
let subscriptions: Subscription[]
let puts: unknown[]

beforeEach(async () => {
  server = await startServer()
  phones = []
  subscriptions = KINDS.map((kind) => ({ kind, is_active: false, hour: 8, quiet_from: 21, quiet_until: 7 }))
  puts = []
  server.routes = {
    'GET /me/phones': () => [200, { items: phones, write_to: '5511999990000' }],
    'POST /me/phones': ({ phone }) => {
      if (phone === '123') return [422, error('phone_wrong', 'Este telefone não parece certo.', 'phone')]
      phones = [{ id: 'phone-1', phone: '5511966665555', verified_at: null, code_expires_at: '2026-11-20T12:10:00Z', code_state: 'sent' }]
      return [200, phones[0]]
    },
    'POST /me/phones/verify': ({ code }) => {
      if (code !== '123456') return [422, error('code_wrong', 'O código não confere. Tentativas que restam: 4.', 'code')]
      phones = phones.map((phone) => ({ ...phone, verified_at: '2026-11-20T12:01:00Z', code_expires_at: null }))
      return [200, phones[0]]
    },
    'DELETE /me/phones/phone-1': () => {
      phones = []
      return [204]
    },
    'GET /me/subscriptions': () => [200, { items: subscriptions }],
    'PUT /me/subscriptions': ({ items }) => {
      puts.push(items)
      const changed = new Map((items as Subscription[]).map((item) => [item.kind, item]))
      if (changed.get('briefing')?.hour === 22) return [422, error('quiet_briefing', 'A hora do resumo cai no horário de silêncio.', 'hour')]
      subscriptions = subscriptions.map((item) => changed.get(item.kind) ?? item)
      return [200, { items: subscriptions }]
    },
    'GET /channels/n8n': () => [200, { items: [{ channel: 'Loja', address: 'https://evosense.example.com/hooks/n8n/secret' }] }],
  }
})
afterEach(() => {
  cleanup()
  return server.close()
})

async function open(): Promise<HTMLElement> {
  await openScreen(server, '/')
  await userEvent.click((await screen.findAllByRole('button', { name: /Sua conta/ }))[0]!)
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Perguntar pelo WhatsApp' }))
  return screen.findByRole('dialog', { name: 'WhatsApp' })
}

describe('a phone', () => {
  it('is added, proven by its code, and removed', async () => {
    const sheet = within(await open())
    await userEvent.type(await sheet.findByLabelText('Telefone com DDD'), '11 96666-5555')
    await userEvent.click(sheet.getByRole('button', { name: 'Receber código' }))
    expect(await sheet.findByText('Enviamos um código para +55 11 96666-5555 no WhatsApp. Vale por 10 minutos.')).toBeTruthy()
    await userEvent.type(sheet.getByLabelText('Código de 6 dígitos'), '123 456')
    await userEvent.click(sheet.getByRole('button', { name: 'Confirmar' }))
    expect(await sheet.findByText('Confirmado')).toBeTruthy()
    expect(sheet.getByText('Escreva para +55 11 99999-0000 no WhatsApp e pergunte como perguntaria aqui.')).toBeTruthy()
    await userEvent.click(sheet.getByRole('button', { name: 'Remover +55 11 96666-5555' }))
    await userEvent.click(sheet.getByRole('button', { name: 'Remover' }))
    expect(await sheet.findByLabelText('Telefone com DDD')).toBeTruthy()
    expect(sheet.queryByText('Confirmado')).toBeNull()
  })

  it('that could not be removed is still there, and it is said why', async () => {
    phones = [{ id: 'phone-1', phone: '5511966665555', verified_at: '2026-11-20T12:01:00Z', code_expires_at: null, code_state: null }]
    server.routes['DELETE /me/phones/phone-1'] = () => [409, error('phone_busy', 'Este telefone ainda recebe uma resposta.', 'phone')]
    const sheet = within(await open())
    await userEvent.click(await sheet.findByRole('button', { name: 'Remover +55 11 96666-5555' }))
    await userEvent.click(sheet.getByRole('button', { name: 'Remover' }))
    expect((await sheet.findByRole('alert')).textContent).toBe('Este telefone ainda recebe uma resposta.')
    expect(sheet.getByText('+55 11 96666-5555')).toBeTruthy()
  })

  it.each([
    ['', 'Escreva o telefone.'],
    ['123', 'Este telefone não parece certo.'],
  ])('written as %j says what is wrong, tied to its field', async (typed, problem) => {
    const sheet = within(await open())
    const field = await sheet.findByLabelText('Telefone com DDD')
    if (typed) await userEvent.type(field, typed)
    await userEvent.click(sheet.getByRole('button', { name: 'Receber código' }))
    await sheet.findByText(problem)
    expect(document.getElementById(field.getAttribute('aria-describedby') ?? '')?.textContent).toBe(problem)
  })

  it('keeps asking for the code where it was wrong, and tells where none was delivered', async () => {
    phones = [{ id: 'phone-1', phone: '5511966665555', verified_at: null, code_expires_at: '2026-11-20T12:10:00Z', code_state: 'failed' }]
    const sheet = within(await open())
    expect((await sheet.findByRole('status')).textContent).toBe(
      'Não conseguimos enviar o código para +55 11 96666-5555. Este número está no WhatsApp?',
    )
    await userEvent.type(sheet.getByLabelText('Código de 6 dígitos'), '12345')
    await userEvent.click(sheet.getByRole('button', { name: 'Confirmar' }))
    expect(sheet.getByText('O código tem 6 dígitos.')).toBeTruthy()
    await userEvent.type(sheet.getByLabelText('Código de 6 dígitos'), '9')
    await userEvent.click(sheet.getByRole('button', { name: 'Confirmar' }))
    expect(await sheet.findByText('O código não confere. Tentativas que restam: 4.')).toBeTruthy()
  })
})

describe('what one is told unasked', () => {
  it('is switched one by one, with hours', async () => {
    const sheet = within(await open())
    await userEvent.click(await sheet.findByRole('switch', { name: 'Resumo diário' }))
    await userEvent.selectOptions(await sheet.findByLabelText('às'), '9')
    await userEvent.selectOptions(sheet.getByLabelText('das'), '22')
    expect(puts.map((items) => (items as Subscription[]).length)).toEqual([1, 1, 4])
    expect(subscriptions.map(({ is_active, hour, quiet_from }) => [is_active, hour, quiet_from])).toEqual([
      [true, 9, 22],
      [false, 8, 22],
      [false, 8, 22],
      [false, 8, 22],
    ])
  })

  it('is held a place for until it comes', async () => {
    let release = () => {}
    server.routes['GET /me/subscriptions'] = () => new Promise((resolve) => (release = () => resolve([200, { items: subscriptions }])))
    const sheet = within(await open())
    const section = await sheet.findByRole('region', { name: 'Avisos' })
    expect(section.getAttribute('aria-busy')).toBe('true')
    expect(sheet.queryByRole('switch')).toBeNull()
    release()
    expect(await sheet.findByRole('switch', { name: 'Resumo diário' })).toBeTruthy()
    expect(section.getAttribute('aria-busy')).toBe('false')
  })

  it('goes back to what it was where it could not be saved, and says why', async () => {
    subscriptions = subscriptions.map((item) => ({ ...item, is_active: item.kind === 'briefing' }))
    const sheet = within(await open())
    await userEvent.selectOptions(await sheet.findByLabelText('às'), '22')
    expect((await sheet.findByRole('alert')).textContent).toBe('A hora do resumo cai no horário de silêncio.')
    expect((sheet.getByLabelText('às') as HTMLSelectElement).value).toBe('8')
  })

  it('is not offered to those who may not ask', async () => {
    server.me = { ...server.me, role: 'operator' }
    const sheet = within(await open())
    await sheet.findByLabelText('Telefone com DDD')
    expect(sheet.queryByText('Avisos')).toBeNull()
    expect(server.requests).not.toContain('GET /me/subscriptions')
  })
})

it('shows the secret address of n8n to administrators alone, and only when it is opened', async () => {
  server.me = { ...server.me, role: 'admin' }
  const sheet = within(await open())
  const summary = await sheet.findByText('Integração n8n da Evolution API')
  expect(server.requests).not.toContain('GET /channels/n8n')
  await userEvent.click(summary)
  const details = summary.parentElement as HTMLDetailsElement
  details.open = true
  details.dispatchEvent(new Event('toggle'))
  expect(await sheet.findByRole('button', { name: 'Copiar o endereço de Loja' })).toBeTruthy()
})

it('has nothing that axe objects to', async () => {
  phones = [{ id: 'phone-1', phone: '5511966665555', verified_at: '2026-11-20T12:01:00Z', code_expires_at: null, code_state: null }]
  subscriptions = subscriptions.map((item) => ({ ...item, is_active: true }))
  server.me = { ...server.me, role: 'admin' }
  const sheet = within(await open())
  await sheet.findByRole('switch', { name: 'Resumo diário' })
  expect(await findViolations()).toEqual([])
})

it.each([
  ['5511966665555', '+55 11 96666-5555'],
  ['551133334444', '+55 11 3333-4444'],
  ['12025550147', '+12025550147'],
])('%s reads %s', (digits, written) => {
  expect(writePhone(digits)).toBe(written)
})

it('asks for the code of the latest phone that waits for one', () => {
  const phone = (id: string, change: Partial<Phone>): Phone => ({
    id, phone: '5511966665555', verified_at: null, code_expires_at: '2026-11-20T12:10:00Z', code_state: 'sent', ...change,
  })
  const items = [phone('1', {}), phone('2', {}), phone('3', { verified_at: '2026-11-20T12:01:00Z', code_expires_at: null })]
  expect(findPending({ items, write_to: null })?.id).toBe('2')
  expect(findPending({ items: [phone('4', { code_expires_at: null })], write_to: null })).toBeUndefined()
})
