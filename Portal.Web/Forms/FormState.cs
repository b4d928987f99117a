using Microsoft.Extensions.Localization;
using Portal.Web.Api;

namespace Portal.Web.Forms;

/// <summary>
/// What the API said about a form: errors stand beside the field they name (by its name on the wire), all others above the form.
/// Fields add themselves by being shown.
/// </summary>
public sealed class FormState(IStringLocalizer<FormText> text)
{
    private readonly HashSet<string> shown = new(StringComparer.OrdinalIgnoreCase);
    private Dictionary<string, IReadOnlyList<string>> errors = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>True while the API is asked.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>What belongs to no field that is shown.</summary>
    public IReadOnlyList<string> General { get; private set; } = [];

    /// <summary>Raised whenever something changed.</summary>
    public event Action? Changed;

    /// <summary>What is wrong with a field.</summary>
    public IReadOnlyList<string> Of(string field) => errors.GetValueOrDefault(field, []);

    /// <summary>Says it before the API does.</summary>
    public void Add(string field, string error)
    {
        errors[field] = [.. Of(field), error];
        Changed?.Invoke();
    }

    public void Clear()
    {
        errors = new(StringComparer.OrdinalIgnoreCase);
        General = [];
        Changed?.Invoke();
    }

    /// <summary>Asks the API. A session that ended goes on to the page's boundary, which leads to the sign-in page.</summary>
    /// <returns>Whether it was done; otherwise the form says why not.</returns>
    public async Task<bool> SubmitAsync(Func<Task> ask)
    {
        if (IsBusy) return false;
        IsBusy = true;
        Clear();
        try
        {
            await ask();
            return true;
        }
        catch (ApiUnavailableException)
        {
            General = [text["Unavailable"]];
        }
        catch (ApiRefusedException refusal)
        {
            Take(refusal);
        }
        finally
        {
            IsBusy = false;
            Changed?.Invoke();
        }

        return false;
    }

    internal void Show(string field) => shown.Add(field);

    private void Take(ApiRefusedException refusal)
    {
        var problem = refusal.Problem;
        errors = new(problem.Errors, StringComparer.OrdinalIgnoreCase);
        var general = problem.Errors.Where(error => !shown.Contains(error.Key)).SelectMany(error => error.Value.Select(line => error.Key.Length > 0 ? $"{error.Key}: {line}" : line)).ToList();
        if (refusal.Status == System.Net.HttpStatusCode.Forbidden) general = [text["Forbidden"]];
        else if (problem.Errors.Count == 0) general = [problem.Title.Length > 0 ? $"{problem.Title} {problem.Detail}".Trim() : text["Refused"]];
        General = general;
    }
}
