import { hasKind, valuesWalk } from './kubernetes/manifests';
import { walkValues } from './kubernetes/accountValues';
import { Sink } from './kubernetes/sink';
import type { Reader } from './reader';

/** Reads chart values (Helm's, helmfile's, Fleet's) and any other map without a kind. */
export const valuesReader: Reader = {
  id: 'values',
  syntaxes: ['yaml', 'json'],
  read(input) {
    const { root } = input.tree;
    if (root?.kind !== 'map' || hasKind(root)) return [];
    const sink = new Sink(input);
    walkValues(root, valuesWalk(sink), sink);
    return sink.facts;
  },
};
