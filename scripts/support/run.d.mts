/** Types of run.mjs, whose own comments say what each does. */
import type { SpawnOptions } from 'node:child_process';
export const root: string;
export const npm: string;
export function run(command: string, args: readonly string[], options?: SpawnOptions): Promise<number>;
export function runNode(script: string, args?: readonly string[], options?: SpawnOptions): Promise<number>;
export function findProgram(...names: string[]): string | undefined;
