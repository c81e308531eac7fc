import { setYamlLibrary } from '../core/syntax/yaml/port';

/**
 * Tells core where the `yaml` library is. In dist/ it is yaml.js, which is read when the first text needs it: most
 * manifests are read without it.
 */
export function provideYaml(): void {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- parsing is synchronous, so import() can't load it
  setYamlLibrary(() => require('../core/syntax/yaml/library') as typeof import('../core/syntax/yaml/library'));
}
