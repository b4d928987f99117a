namespace Portal.Web.SignIn;

/// <summary>Texts of signing in.</summary>
public sealed class SignInText;
