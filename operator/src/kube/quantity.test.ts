import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Decimal } from 'decimal.js';
import { formatBytes, formatCores, parseQuantity } from './quantity.ts';

describe('a quantity', () => {
  const values: Array<[string, string]> = [
    ['0', '0'],
    ['2', '2'],
    ['100m', '0.1'],
    ['0.1', '0.1'],
    ['.5', '0.5'],
    ['1.', '1'],
    ['1u', '0.000001'],
    ['3n', '0.000000003'],
    ['1k', '1000'],
    ['12e3', '12000'],
    ['1.5E2', '150'],
    ['1E', '1000000000000000000'],
    ['128Mi', '134217728'],
    ['1.5Gi', '1610612736'],
    ['8Ei', '9223372036854775808'],
    ['128974848', '128974848'],
    ['-1', '-1'],
  ];
  for (const [text, plain] of values) {
    it(`"${text}" is ${plain}`, () => {
      assert.equal(parseQuantity(text).toFixed(), plain);
    });
  }

  for (const text of ['', 'many', '1 Gi', '1gi', '1e', '--1', '1.2.3']) {
    it(`"${text}" is none`, () => {
      assert.throws(() => parseQuantity(text), /is not a quantity/);
    });
  }

  it('adds up without rounding, however often', () => {
    let sum = new Decimal(0);
    for (let i = 0; i < 1000; i++) {
      sum = sum.plus(parseQuantity('100m'));
    }
    assert.equal(sum.toFixed(), '100');
  });

  it('of cores is written in whole cores or milli-cores', () => {
    assert.equal(formatCores(new Decimal('4')), '4');
    assert.equal(formatCores(new Decimal('3.5')), '3500m');
    assert.equal(formatCores(new Decimal('0.0001')), '1m');
  });

  it('of bytes is written in the biggest exact unit', () => {
    assert.equal(formatBytes(new Decimal(16 * 1024 ** 3)), '16Gi');
    assert.equal(formatBytes(new Decimal(16316412 * 1024)), '16316412Ki');
    assert.equal(formatBytes(new Decimal(1000)), '1000');
    assert.equal(formatBytes(new Decimal(0)), '0');
  });
});
