import * as v from 'valibot'

import { defineBlock } from '../kind'
import { rowed } from '../shape'
import { ThemesView } from './ThemesView'

export const themesBlock = defineBlock(v.object({ kind: v.literal('themes'), ...rowed }), ThemesView)
