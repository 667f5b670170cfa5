// Prints file:line and text of every syntax error in the Bicep files that are named, one a line; nothing when there is none.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [modules, ...files] = process.argv.slice(2);
const { Parser, Language } = await import(pathToFileURL(createRequire(join(modules, 'x.js')).resolve('web-tree-sitter')));
await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(join(modules, 'node_modules/tree-sitter-bicep/tree-sitter-bicep.wasm')));
for (const file of files) {
  const visit = node => {
    if (node.isError || node.isMissing) console.log(`${file}:${node.startPosition.row + 1}: ${node.text.split('\n')[0].slice(0, 80)}`);
    else if (node.hasError) node.children.forEach(visit);
  };
  visit(parser.parse(readFileSync(file, 'utf8')).rootNode);
}
