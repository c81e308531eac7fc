import type { MapFormat } from './accessRow';
import { dot } from './dot';
import { json } from './json';
import { mermaid } from './mermaid';
import { table } from './table';

/** Every format of the map by its name on the command line. */
export const mapFormats: readonly MapFormat[] = [table, json, mermaid, dot];
