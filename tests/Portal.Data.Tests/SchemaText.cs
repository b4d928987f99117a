using System.Text;
using Npgsql;

namespace Portal.Data.Tests;

/// <summary>All that a database's schema is, as text that two databases can be compared by: no ids, no rows, no partition but its form.</summary>
internal static class SchemaText
{
    private static readonly string[] Queries =
    [
        """
        SELECT format('%s.%s %s %s %s', n.nspname, c.relname, c.relkind, c.relpersistence, coalesce(array_to_string(c.reloptions, ','), ''))
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname IN ('portal', 'identity', 'monitoring') AND NOT c.relispartition
        """,
        """
        SELECT format('%s.%s.%s %s %s %s %s', n.nspname, c.relname, a.attname, CASE WHEN c.relkind = 'v' THEN 0 ELSE a.attnum END,
                      format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid))
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
          LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
         WHERE n.nspname IN ('portal', 'identity', 'monitoring') AND a.attnum > 0 AND NOT a.attisdropped AND NOT c.relispartition
        """,
        """
        SELECT pg_get_indexdef(x.indexrelid)
          FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname IN ('portal', 'identity', 'monitoring') AND NOT c.relispartition
        """,
        """
        SELECT format('%s %s %s', o.conrelid::regclass, o.conname, pg_get_constraintdef(o.oid))
          FROM pg_constraint o JOIN pg_namespace n ON n.oid = o.connamespace JOIN pg_class c ON c.oid = o.conrelid
         WHERE n.nspname IN ('portal', 'identity', 'monitoring') AND NOT c.relispartition
        """,
        "SELECT pg_get_viewdef(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'monitoring' AND c.relkind = 'v'",
        "SELECT pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'monitoring'",
        """SELECT "Script" FROM monitoring."TimeSeriesVersions" """,
        "SELECT unnest(setconfig) FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase WHERE d.datname = current_database()",
    ];

    public static async Task<string> ReadAsync(NpgsqlDataSource dataSource)
    {
        var text = new StringBuilder();
        foreach (var query in Queries)
        {
            await using var command = dataSource.CreateCommand($"SELECT line FROM ({query}) AS q (line) ORDER BY line COLLATE \"C\"");
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                text.AppendLine(reader.GetString(0));
            }
        }

        return text.ToString();
    }
}
