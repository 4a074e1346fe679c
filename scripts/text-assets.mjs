// Style sheets and scripts of pages become text in the program, without what only their authors need.
import { readFileSync } from 'node:fs';
import { transform } from 'esbuild';

/** An esbuild plugin for `import text from './x.css'` and `import text from './x.client.js'`. */
export const textAssets = {
  name: 'text-assets',
  setup(build) {
    build.onLoad({ filter: /\.css$|\.client\.js$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, 'utf8'), {
        loader: path.endsWith('.css') ? 'css' : 'js',
        minify: true,
        legalComments: 'none',
        target: path.endsWith('.css') ? [] : 'es2020',
      });
      return { contents: code, loader: 'text' };
    });
  },
};
