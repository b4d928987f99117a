using System.Text;

namespace Portal.AppHost.Operations.Rotation;

/// <summary>An admin's account, from the environment or the person at the terminal; never from arguments, which others see.</summary>
/// <param name="Code">Of the second factor; null: it has none.</param>
internal sealed record Credentials(string Email, string Password, string? Code)
{
    public const string EmailVariable = "PORTAL_EMAIL";
    public const string PasswordVariable = "PORTAL_PASSWORD";
    public const string CodeVariable = "PORTAL_CODE";

    /// <summary>Reads them, and asks for what is missing where somebody sits.</summary>
    /// <param name="of">Whose account, such as <c>an operator of admin.portal.example.com</c>.</param>
    /// <param name="usual">What is used where nothing else is said; null: nothing.</param>
    /// <exception cref="UsageException">Something is missing and nobody can be asked.</exception>
    public static Credentials Read(string of, (string Email, string Password)? usual)
    {
        var email = Given(EmailVariable) ?? usual?.Email ?? Ask($"Email of {of}: ", EmailVariable, hidden: false);
        var password = Given(PasswordVariable) ?? (email == usual?.Email ? usual?.Password : null) ?? Ask($"Password of {email}: ", PasswordVariable, hidden: true);
        return new(email, password, Given(CodeVariable));
    }

    private static string? Given(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } given ? given : null;

    private static string Ask(string question, string variable, bool hidden)
    {
        if (Console.IsInputRedirected) throw new UsageException($"{variable} is not set, and there is nobody to ask here. Nothing was changed. Set {EmailVariable} and {PasswordVariable} (and {CodeVariable}, with a second factor).");
        Console.Error.Write(question);
        if (!hidden) return Console.ReadLine()?.Trim() ?? "";
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace) typed.Length = Math.Max(0, typed.Length - 1);
            else if (!char.IsControl(key.KeyChar)) typed.Append(key.KeyChar);
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }
}
