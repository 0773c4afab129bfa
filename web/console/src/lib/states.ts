// Which colour a state wears. A state is never told by colour alone: its word stands beside the dot.
export type Tone = 'good' | 'wait' | 'bad' | 'mute' | 'brand' | 'calm'

export const tones: Record<string, Record<string, Tone>> = {
  product: { draft: 'mute', on_sale: 'good', off_sale: 'mute', sold_out: 'bad' },
  order: { unpaid: 'wait', paid: 'brand', shipped: 'calm', received: 'good', completed: 'good', cancelled: 'mute', refunded: 'mute' },
  promoter: { applied: 'wait', active: 'good', suspended: 'wait', rejected: 'mute', banned: 'bad', quit: 'mute' },
  commission: { estimated: 'wait', pending: 'calm', available: 'good', reserved: 'brand', paid: 'good', on_hold: 'wait', void: 'mute', reversed: 'bad' },
  member: { active: 'good', blocked: 'bad' },
  staff: { active: 'good', invited: 'wait', suspended: 'bad', disabled: 'mute' },
  job: { pending: 'wait', running: 'calm', done: 'good', delivered: 'good', failed: 'bad', dead: 'bad', waiting: 'wait' },
  payment: { created: 'wait', pending: 'wait', paid: 'good', closed: 'mute', refunding: 'wait', refunded: 'mute', unknown: 'bad', refused: 'bad' },
}

export const toneOf = (kind: string, state: string): Tone => tones[kind]?.[state] ?? 'mute'
