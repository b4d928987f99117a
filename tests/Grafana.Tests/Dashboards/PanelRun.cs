using System.Globalization;
using System.Text.Json.Nodes;
using Grafana.Tests.Databases;
using Npgsql;

namespace Grafana.Tests.Dashboards;

/// <summary>Shows a dashboard's panels as Grafana would: asks for its variables first, then for each panel's figures.</summary>
internal sealed class PanelRun(NpgsqlConnection connection)
{
    /// <summary>Each panel's answer as text, a line a row, by the panel's name.</summary>
    /// <param name="all">Whether everything is chosen where that can be, or only the first value.</param>
    public async Task<SortedDictionary<string, string>> AnswersAsync(DashboardFile dashboard, TimeRange range, bool all)
    {
        var choice = await ChooseAsync(dashboard, all);
        var answers = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var query in dashboard.Queries)
        {
            var (columns, rows) = await AskAsync(Macros.Expand(choice.Fill(query.Sql), range.AtLeast(query.ShortestStep)), query.Name);
            Assert.True(rows.Count > 0, $"{query.Name}: nothing to show.");
            if (query.IsSeries)
            {
                AssertSeries(query, columns, rows);
            }

            answers[query.Name] = string.Join('\n', rows.Select(row => string.Join(' ', row.Select(Text))));
        }

        return answers;
    }

    private async Task<Choice> ChooseAsync(DashboardFile dashboard, bool all)
    {
        var choice = new Choice();
        foreach (var variable in dashboard.Variables)
        {
            var name = (string)variable["name"]!;
            if ((string?)variable["type"] == "textbox")
            {
                choice.One(name, (string)variable["query"]!);
                continue;
            }

            var values = await ValuesAsync(choice.Fill((string)variable["query"]!), $"{dashboard.Path} ${name}");
            if ((bool?)variable["includeAll"] == true && all) choice.Custom(name, (string)variable["allValue"]!);
            else if ((bool?)variable["multi"] == true) choice.Several(name, values.Take(1));
            else choice.One(name, values[0]);
        }

        return choice;
    }

    /// <summary>Of columns <c>__text</c> and <c>__value</c> the latter, else the first.</summary>
    private async Task<List<string>> ValuesAsync(string sql, string name)
    {
        var (columns, rows) = await AskAsync(sql, name);
        Assert.True(rows.Count > 0, $"{name}: nothing to choose.");
        var column = Math.Max(0, columns.IndexOf("__value"));
        return [.. rows.Select(row => Text(row[column]))];
    }

    private static void AssertSeries(PanelQuery query, List<string> columns, List<object?[]> rows)
    {
        Assert.True(columns[0] == "time", $"{query.Name}: Grafana looks for a column \"time\".");
        var times = rows.Select(row => Convert.ToDouble(row[0], CultureInfo.InvariantCulture)).ToList();
        Assert.True(times.SequenceEqual(times.Order()), $"{query.Name}: Grafana wants series ordered by time.");
        // What isn't a number becomes a label; without any number there is nothing to draw.
        Assert.True(rows.Any(row => row.Skip(1).Any(value => value is double or float or decimal or long)), $"{query.Name}: no number to draw.");
    }

    private async Task<(List<string> Columns, List<object?[]> Rows)> AskAsync(string sql, string name)
    {
        try
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await using var reader = await command.ExecuteReaderAsync();
            var rows = new List<object?[]>();
            while (await reader.ReadAsync())
            {
                var row = new object?[reader.FieldCount];
                for (var column = 0; column < row.Length; column++) row[column] = await reader.IsDBNullAsync(column) ? null : reader.GetValue(column);
                rows.Add(row);
            }

            return ([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)], rows);
        }
        catch (PostgresException exception)
        {
            throw new InvalidOperationException($"{name}: {exception.MessageText}\n{sql}", exception);
        }
    }

    // Sums of doubles are made in another order on either engine.
    private static string Text(object? value) => value switch
    {
        null => "null",
        double number => number.ToString("0.####", CultureInfo.InvariantCulture),
        float number => number.ToString("0.####", CultureInfo.InvariantCulture),
        decimal number => number.ToString("0.####", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
