import Decimal from 'decimal.js';

const BYTES: Readonly<Record<string, Decimal>> = {
  '': new Decimal(1),
  k: new Decimal(1000),
  M: new Decimal(1000).pow(2),
  G: new Decimal(1000).pow(3),
  T: new Decimal(1000).pow(4),
  Ki: new Decimal(1024),
  Mi: new Decimal(1024).pow(2),
  Gi: new Decimal(1024).pow(3),
  Ti: new Decimal(1024).pow(4),
};

/** A quantity of memory as people read it; one of another form as it is. */
export function memoryInGib(quantity: string): string {
  const [, amount, unit] =
    /^(\d+(?:\.\d+)?)([kMGT]i?|Ki|)$/.exec(quantity) ?? [];
  const bytes = BYTES[unit];
  if (!bytes) {
    return quantity;
  }
  const gib = new Decimal(amount).times(bytes).div(BYTES.Gi);
  return `${gib.toDecimalPlaces(1)} GiB`;
}
