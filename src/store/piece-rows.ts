import type { Kysely } from 'kysely';
import type { History } from '../ports/history.ts';
import type { Tables } from './tables.ts';

/** SQLite takes a limited number of values in one statement. */
const rowsPerInsert = 500;
/** Names that come from a command may be new every time: the oldest go. */
const piecesMax = 10_000;

/** How long the pieces of split suites took, for one environment. */
export function pieceRows(db: Kysely<Tables>, environment: string): Pick<History, 'pieces' | 'rememberPieces'> {
  const of = (suite: string) =>
    db.selectFrom('suite_pieces').where('environment', '=', environment).where('suite', '=', suite);
  return {
    async pieces(suite) {
      const rows = await of(suite).select(['item', 'duration_ms']).orderBy('item').execute();
      return rows.map((row) => ({ item: row.item, durationMs: row.duration_ms }));
    },
    async rememberPieces(suite, pieces, at) {
      for (let from = 0; from < pieces.length; from += rowsPerInsert) {
        const rows = pieces
          .slice(from, from + rowsPerInsert)
          .map(({ item, durationMs }) => ({ environment, suite, item, duration_ms: durationMs, at }));
        await db.replaceInto('suite_pieces').values(rows).execute();
      }
      const tooOld = of(suite).select('item').orderBy('at', 'desc').orderBy('item').limit(-1).offset(piecesMax);
      await db
        .deleteFrom('suite_pieces')
        .where('environment', '=', environment)
        .where('suite', '=', suite)
        .where('item', 'in', tooOld)
        .execute();
    },
  };
}
