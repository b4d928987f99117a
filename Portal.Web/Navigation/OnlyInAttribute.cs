namespace Portal.Web.Navigation;

/// <summary>A page of one run mode: in the other one it isn't shown, and its address answers 404.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OnlyInAttribute(RunMode mode) : Attribute
{
    public RunMode Mode => mode;
}
