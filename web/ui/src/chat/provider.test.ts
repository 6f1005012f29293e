import i18next from 'i18next'
import { beforeAll, describe, expect, it } from 'vitest'

import { changeLanguage, startLanguage } from '@/i18n'

import { nameProvider } from './provider'

beforeAll(() => startLanguage('pt'))

describe('who made an answer is said in words', () => {
  it.each([
    ['embedded', 'respondido aqui mesmo, pelo EvoSense'],
    ['', 'respondido aqui mesmo, pelo EvoSense'],
    ['ollama', 'entendido e escrito com Ollama'],
    ['embedded+n8n', 'entendido por EvoSense, escrito por n8n'],
    ['ollama+embedded', 'entendido por Ollama, escrito por EvoSense'],
    ['embedded (ollama: timeout)', 'respondido aqui mesmo, pelo EvoSense; Ollama não respondeu a tempo'],
    ['embedded+n8n (ollama: budget, n8n: schema)', 'entendido por EvoSense, escrito por n8n; Ollama já gastou o que pode hoje; n8n respondeu fora do combinado'],
    ['embedded (ollama: a word of tomorrow)', 'respondido aqui mesmo, pelo EvoSense; Ollama falhou'],
    ['tomorrow', 'entendido e escrito com tomorrow'],
  ])('%j', (provider, said) => {
    expect(nameProvider(i18next.t, provider)).toBe(said)
  })

  it.each([
    ['en', 'answered right here, by EvoSense', 'understood by EvoSense, written by Ollama; n8n could not be reached'],
    ['es', 'respondido aquí mismo, por EvoSense', 'entendido por EvoSense, escrito por Ollama; n8n no se pudo alcanzar'],
  ] as const)('in %s', async (language, own, split) => {
    await changeLanguage(language)
    expect([nameProvider(i18next.t, 'embedded'), nameProvider(i18next.t, 'embedded+ollama (n8n: unreachable)')]).toEqual([own, split])
    await changeLanguage('pt')
  })
})
