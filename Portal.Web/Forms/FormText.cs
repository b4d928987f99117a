namespace Portal.Web.Forms;

/// <summary>Texts of forms and dialogs.</summary>
public sealed class FormText;
