"""What every part of the spec is made of: plain names, shares, and no key that nobody knows."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Share = Annotated[float, Field(ge=0, le=1)]


class Part(BaseModel):
    """A part of the spec: unknown keys are errors, and nothing changes after parsing."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
