using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Portal.Data.Connection;

/// <summary>
/// Keeps the statements of marked queries prepared on each connection, which then plans them no more. For look-ups by key that every request makes:
/// the server plans the four tables of a session in 0.3 ms and reads them in 0.05. Not for ranges of time: one plan for all of them suits none.
/// </summary>
public static class PreparedQueries
{
    private const string Mark = "prepared";

    /// <summary>Marks a query. Its text must always be the same: values only as parameters.</summary>
    public static IQueryable<T> Prepared<T>(this IQueryable<T> query) => query.TagWith(Mark);

    internal sealed class Interceptor : DbCommandInterceptor
    {
        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default
        )
        {
            // EF writes a mark as a comment in front of the text. Where the connection has it prepared already, nothing is sent.
            if (command.CommandText.StartsWith($"-- {Mark}", StringComparison.Ordinal))
            {
                await command.PrepareAsync(cancellationToken);
            }

            return result;
        }
    }
}
