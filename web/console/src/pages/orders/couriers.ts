// What a tracking number looks like tells who carries it. The codes are the server's (GET /api/console/couriers).
const shapes: [code: string, shape: RegExp][] = [
  ['sf', /^SF\d{12,13}$/i],
  ['yto', /^YT\d{13}$/i],
  ['jtsd', /^JT\d{13}$/i],
  ['jd', /^JD[A-Z0-9]{11,15}$/i],
  ['deppon', /^DPK\d{12}$/i],
  ['ems', /^(E[A-Z]\d{9}CN|1[01]\d{11})$/i],
  ['sto', /^77\d{13}$/],
  ['zto', /^(7[3-689]\d{12}|6\d{13})$/],
  ['yunda', /^(4[36]|31|32)\d{13}$/],
]

/** A guess; the person decides. */
export const guessCourier = (number: string): string | undefined => shapes.find(([, shape]) => shape.test(number.trim()))?.[0]
