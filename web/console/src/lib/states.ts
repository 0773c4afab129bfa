// Which colour a state wears. A state is never told by colour alone: its word stands beside the dot.
export type Tone = 'good' | 'wait' | 'bad' | 'mute' | 'brand' | 'calm'

export const tones: Record<string, Record<string, Tone>> = {
  product: { draft: 'mute', on_sale: 'good', off_sale: 'mute', sold_out: 'bad' },
  order: { placed: 'wait', settled: 'good', refunding: 'wait', paid: 'brand', shipped: 'calm', received: 'calm', cancelled: 'mute', refunded: 'mute' },
  promoter: { active: 'good', suspended: 'wait', banned: 'bad', quit: 'mute' },
  commission: { estimated: 'wait', pending: 'calm', available: 'good', reserved: 'brand', paid: 'good', on_hold: 'wait', void: 'mute' },
  withdrawal: { asked: 'wait', approved: 'calm', confirming: 'brand', paid: 'good', rejected: 'mute', cancelled: 'mute', failed: 'bad' },
  after: { asked: 'wait', agreed: 'calm', sent_back: 'brand', received: 'wait', replaced: 'calm', refunding: 'calm', appealed: 'bad', done: 'good', declined: 'mute', refused_on_receipt: 'mute', withdrawn: 'mute', expired: 'mute', dismissed: 'mute' },
  review: { shown: 'good', suspected: 'wait', confirmed: 'bad', appealed: 'brand', hidden: 'mute' },
  appeal: { open: 'wait', upheld: 'bad', rejected: 'mute' },
  invoice: { requested: 'wait', issued: 'calm', sent: 'good', refused: 'mute', red: 'bad' },
  privacy: { waiting: 'wait', ready: 'good', expired: 'mute', done: 'calm', withdrawn: 'mute', refused: 'bad' },
  staff: { active: 'good', disabled: 'mute' },
  job: { ready: 'wait', done: 'good', dead: 'bad' },
  adjustment: { waiting: 'wait', done: 'good', refused: 'mute' },
  refund: { none: 'mute', part: 'wait', all: 'bad', requested: 'wait' },
  difference: { open: 'bad', repaired: 'good', explained: 'mute' },
  proposal: { proposed: 'wait', approved: 'good', rejected: 'mute' },
  quarantined: { held: 'bad', returning: 'wait', returned: 'mute', accepted: 'good' },
  fulfilment: { none: 'mute', part: 'wait', ready: 'brand', shipped: 'calm', received: 'good' },
  parcel: { created: 'wait', collected: 'calm', in_transit: 'calm', out_for_delivery: 'brand', signed: 'good', problem: 'bad', returning: 'wait', returned: 'mute' },
  report: { ok: 'good', refused: 'bad', unknown: 'wait' },
  payment: { created: 'wait', prepaid: 'wait', requested: 'wait', sent: 'wait', succeeded: 'good', quarantined: 'bad', paid: 'good', closed: 'mute', unknown: 'bad', refused: 'bad' },
}

export const toneOf = (kind: string, state: string): Tone => tones[kind]?.[state] ?? 'mute'
