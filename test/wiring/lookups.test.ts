import { describe, expect, it } from 'vitest';
import { FactMap } from '../../server/src/core/wiring/factMap';
import { Answers, Keys, Lookups } from '../../server/src/core/wiring/lookups';

/** Sums of numbers by name, and sums of sums: what is made, and what was told to be stale. */
function sums(records = true) {
  const lookups = new Lookups(records);
  const numbers = new FactMap<string, number>(lookups);
  const made: string[] = [];
  const stale: string[] = [];
  const single = new Answers<string, number>(lookups, (key) => stale.push(key));
  const joined = new Answers<string, number>(lookups, (key) => stale.push(key));
  const sum = (name: string): number =>
    single.get(name, () => {
      made.push(name);
      return [...numbers.get(name)].reduce((a, b) => a + b, 0);
    });
  const both = (a: string, b: string): number =>
    joined.get(`${a}+${b}`, () => {
      made.push(`${a}+${b}`);
      return sum(a) + sum(b);
    });
  return { lookups, numbers, made, stale, single, joined, sum, both };
}

describe('an answer', () => {
  it('is kept until a key changes that was looked up for it, and no longer', () => {
    const { numbers, made, sum } = sums();
    numbers.add('a', 1);
    expect([sum('a'), sum('a')]).toEqual([1, 1]);
    numbers.add('b', 5);
    expect([sum('a'), made]).toEqual([1, ['a']]);
    numbers.add('a', 2);
    expect(sum('a')).toBe(3);
    numbers.delete('a', 1);
    expect([sum('a'), made]).toEqual([2, ['a', 'a', 'a']]);
  });

  it('is stale with the answers that it was made of, which are known by then', () => {
    const { numbers, made, stale, sum, both } = sums();
    sum('a');
    expect([both('a', 'b'), made]).toEqual([0, ['a', 'a+b', 'b']]);
    numbers.add('b', 1);
    expect(stale).toEqual(['b', 'a+b']);
    expect([both('a', 'b'), made]).toEqual([1, ['a', 'a+b', 'b', 'a+b', 'b']]);
  });

  it('depends on a key that is not there yet', () => {
    const { numbers, sum } = sums();
    expect(sum('a')).toBe(0);
    numbers.add('a', 4);
    expect(sum('a')).toBe(4);
  });

  it('that leads back to itself is made without end, and kept once', () => {
    const lookups = new Lookups();
    const keys = new Keys<string>(lookups);
    const answers = new Answers<string, number>(lookups);
    const depth = (left: number): number =>
      answers.get('x', () => {
        keys.note('k');
        return left === 0 ? 0 : 1 + depth(left - 1);
      });
    expect([depth(3), depth(9)]).toEqual([3, 3]);
    keys.changed('k');
    expect(depth(2)).toBe(2);
  });

  it('that throws is not kept, and what is made next records its own', () => {
    const { numbers, single, lookups, sum } = sums();
    expect(() =>
      single.get('bad', () => {
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(lookups.isRecording).toBe(false);
    expect(sum('a')).toBe(0);
    numbers.add('a', 1);
    expect([sum('a'), single.get('bad', () => 7)]).toEqual([1, 7]);
  });

  it('that changes what it looked up is given, and not kept', () => {
    const { numbers, single, sum } = sums();
    expect(
      single.get('reads', () => {
        const before = [...numbers.get('a')].length;
        numbers.add('a', 1);
        return before;
      }),
    ).toBe(0);
    expect(single.get('reads', () => [...numbers.get('a')].length)).toBe(1);
    expect(sum('a')).toBe(1);
  });

  it('leaves nothing behind when it is stale', () => {
    const lookups = new Lookups();
    const keys = new Keys<number>(lookups);
    const answers = new Answers<number, number>(lookups);
    for (let i = 0; i < 50; i++) answers.get(i, () => (keys.note(i), keys.note(i % 2), i));
    expect([keys.size, answers.size]).toEqual([50, 50]);
    keys.changed(0);
    expect([keys.size, answers.size]).toEqual([25, 25]);
    keys.changed(1);
    expect([keys.size, answers.size]).toEqual([0, 0]);
    answers.get(3, () => (keys.note(3), 3));
    lookups.forgetAll();
    expect([keys.size, answers.size]).toEqual([0, 0]);
  });
});

describe('a lookup of everything', () => {
  it('depends on which keys there are, not on the facts under them', () => {
    const { numbers, lookups } = sums();
    const stale: string[] = [];
    const wide = new Answers<string, string>(lookups, (key) => stale.push(key));
    numbers.add('a', 1);
    const names = (): string => wide.get('names', () => [...numbers.keys()].join());
    expect(names()).toBe('a');
    numbers.add('a', 2);
    numbers.delete('a', 1);
    expect(stale).toEqual([]);
    numbers.add('b', 1);
    expect([stale, names()]).toEqual([['names'], 'a,b']);
    numbers.delete('a', 2);
    expect(names()).toBe('b');
  });

  it('of whether there is anything changes with the first and the last', () => {
    const { numbers, lookups } = sums();
    const stale: string[] = [];
    const wide = new Answers<string, boolean>(lookups, (key) => stale.push(key));
    const isEmpty = (): boolean => wide.get('empty', () => numbers.isEmpty);
    expect(isEmpty()).toBe(true);
    numbers.add('a', 1);
    expect([stale.length, isEmpty()]).toEqual([1, false]);
    numbers.add('b', 1);
    numbers.delete('a', 1);
    expect(stale).toHaveLength(1);
    numbers.delete('b', 1);
    expect([stale.length, isEmpty()]).toEqual([2, true]);
  });
});

describe('where nothing is recorded', () => {
  it('answers are kept until anything changes', () => {
    const { numbers, made, stale, both, lookups } = sums(false);
    both('a', 'b');
    both('a', 'b');
    expect(made).toEqual(['a+b', 'a', 'b']);
    numbers.add('c', 1);
    both('a', 'b');
    expect(made).toHaveLength(6);
    lookups.forgetAll();
    both('a', 'b');
    expect([made.length, stale]).toEqual([9, []]);
  });

  it('what was made while something changed is not kept', () => {
    const { numbers, single } = sums(false);
    single.get('x', () => {
      numbers.add('a', 1);
      return 1;
    });
    expect(single.get('x', () => 2)).toBe(2);
  });
});
