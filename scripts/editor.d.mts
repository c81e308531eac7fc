/** Types of editor.mjs, whose own comments say what each does. */
export const editorVersion: string;
export const editorEntry: string;
export function editorIsInstalled(): Promise<boolean>;
export function installEditor(say?: (line: string) => void): Promise<string>;
export function startEditor(options: {
  dataDir: string;
  settings?: object;
  say?: (text: string) => void;
}): Promise<{ url: string; stop: () => Promise<void> }>;
export function installExtension(dataDir: string, vsix: string): Promise<void>;
export function writeSettings(dataDir: string, settings: object): Promise<void>;
export function newDataDir(): Promise<string>;
