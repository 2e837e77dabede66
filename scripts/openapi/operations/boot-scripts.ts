import type { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { bootable, script } from '../answers/plain.ts';
import * as examples from '../examples.ts';
import { answer, content } from '../operation.ts';
import { macOfNode, textParameter } from '../parameters.ts';
import { problems } from '../problems.ts';

/** What nodes ask. */
export function bootScripts(app: Hono): void {
  app.get(
    '/boot/v1/bootscript',
    describeRoute({
      tags: ['Boot scripts'],
      operationId: 'getBootscript',
      summary: 'What a node boots, as a script of iPXE',
      description: `One of \`mac\`, \`name\` and \`nid\` is needed; the first of them that is there counts, and those behind it
are not looked at.

A node that the inventory knows, and for which there is a configuration, gets a script that boots it. Every other node
gets a script that waits and asks again, until it is known. Its second request has \`arch\`, for which the tag
\`Unknown-<arch>\` may have a kernel that discovers nodes.

404 is for nodes of a role that is not to boot, and for \`json=1\` where there is no configuration.`,
      parameters: [
        macOfNode,
        textParameter(
          'name',
          'The xname of the node, or its host name. Counts where there is no `mac`; what can be neither is then refused.',
          examples.XNAME,
        ),
        textParameter(
          'nid',
          'The numeric id of the node, in decimal digits. Counts where there is neither `mac` nor `name`; what is none is then refused.',
          '1',
        ),
        textParameter('arch', "iPXE's `${buildarch}`, from a node that was told to wait.", 'x86_64'),
        textParameter(
          'retry',
          'How often the node has come back after a boot that failed. What is no number is 0.',
          '1',
        ),
        textParameter('ts', 'Keeps caches on the way from answering. It is not looked at.', '1790000000'),
        textParameter('e', "iPXE's last error, eight hex digits, for the log.", '3e11618e'),
        textParameter('json', '`1`: what the script boots is answered as JSON.', '1'),
      ],
      responses: {
        200: answer(
          'The script, or with `json=1` what it boots.',
          {
            ...content('text/plain', script, {
              'A node that has a configuration': examples.scripts.boot,
              'A node that is not known yet': examples.scripts.wait,
            }),
            ...content('application/json', bootable, { 'What it boots': examples.bootable }),
          },
          ['X-BSS-Age'],
        ),
        ...problems(404, 503),
      },
    }),
  );
}
